"""A Telegram channel or group, over the Bot API."""
