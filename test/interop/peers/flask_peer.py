"""What the Flask sites of these tests have alike."""

import os

from flask import Flask, redirect, request
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import generate_password_hash


def make_app(name, database, **more):
    """A site on SQLite, and its database."""
    app = Flask(name)
    app.config.update(
        SECRET_KEY=os.environ["PEER_SECRET"],
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}",
        SQLALCHEMY_TRACK_MODIFICATIONS=False,
        **more,
    )
    return app, SQLAlchemy(app)


def reset_page(db, user, form):
    """The answer of a page for a new password, whose link is for this user, or for none."""
    if user is None:
        return redirect("/")
    if request.method == "GET":
        return form
    user.password_hash = generate_password_hash(request.form["password"])
    db.session.commit()
    return redirect("/login")
