"""What channels that send over SMTP share: the talk with the server, the message, the account. No connector itself."""
