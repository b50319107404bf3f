"""The frames of neo-go's websocket, recorded."""
