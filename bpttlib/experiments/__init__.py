"""What every picture shows, computed: slider values in, arrays and numbers out.

One module a picture, of the same name as its picture and its panel. `run(**state)` returns exactly the keyword
arguments of that picture's `show`; what is asked for again is kept.
"""
