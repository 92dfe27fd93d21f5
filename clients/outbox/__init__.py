"""What must happen after a commit, written in the transaction that decided it. The broker only wakes; truth is here."""
