"""Cases, their treatments in forums, and the presentation of each treatment."""
