"""The envelope of requests and answers, and the texts in it."""
