"""What StdLib's methods compute: pure functions, each a method's or what one needs."""
