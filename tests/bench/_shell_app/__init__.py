"""The tenant models of the stock peer of `request_shell`."""
