"""The front end of HTML: posts in saved pages, saved feeds and exports become blocks.

`saved_page`, `feed_file` and `export` find the posts of an input and the day of each (`posts`); `body`
turns the HTML of one post into pieces (`walker`, `gatherer`), `footnotes` into blocks.
"""
