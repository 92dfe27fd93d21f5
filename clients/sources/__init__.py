"""Where Relais watches: what is fetched or received, how it fares, and when it goes silent."""
