"""The pages people read; `serving.web.app.create_app` makes them. Composing a page needs no web server."""
