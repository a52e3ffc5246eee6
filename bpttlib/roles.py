"""The colours of the three letters, the same on every page (Okabe & Ito, colour-blind safe)."""

A = "#D55E00"  # a_t, the total derivative
B = "#0072B2"  # b_t, the immediate derivative
C = "#009E73"  # c_t, the Jacobian
