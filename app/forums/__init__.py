"""Forums: their mandates, seats, members, number series, labels and section templates."""
