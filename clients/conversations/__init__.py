"""What people do in a conversation: open it, talk in it, note, label. Who holds it is custody's; when it is due, service's."""
