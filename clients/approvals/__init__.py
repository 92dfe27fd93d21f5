"""What the brand said: yes, no, not like this, not now. Every word of it is bound to one exact content or one scope."""
