"""Servers that speak Mastodon's client API, whatever their program and however much of it they speak."""
