"""What analysts write instead of a scoring library: the same answers in, the same results out, a module for each.

The caseloads hold valid answers and gaps only, and no peer looks for invalid ones: that work is appraise's alone.
Labels are small codes in every peer, the cheapest form that each can write.
"""
