"""HOW IT IS ANSWERED: retrieve, answer, verify every citation, and say so or refuse."""
