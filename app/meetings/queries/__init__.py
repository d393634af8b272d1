"""Reading meetings: one file for each way of looking at them."""
