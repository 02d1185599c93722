"""Scoring forms as they are printed, typed apart from the definitions: boundaries.json is worked out from them."""
