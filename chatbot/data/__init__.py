"""Tables of the chatbot."""
