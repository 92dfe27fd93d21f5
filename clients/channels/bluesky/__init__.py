"""The Bluesky network, over the AT protocol of the account's own server."""
