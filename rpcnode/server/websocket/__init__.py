"""The websocket: JSON-RPC and events, as neo-go has them."""
