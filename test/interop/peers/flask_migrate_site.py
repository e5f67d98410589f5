"""
A Flask site with Flask-Migrate: compares the database with its model and writes a migration.
python3 flask_migrate_site.py DATABASE MESSAGE, the code of a function `keep` in PEER_KEEP; runs in the site's folder.
"""

import os
import sys

from flask import Flask
from flask_migrate import Migrate, init, migrate, upgrade
from flask_sqlalchemy import SQLAlchemy

database, message = sys.argv[1:]
app = Flask(__name__, root_path=os.getcwd())
app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{database}"
db = SQLAlchemy(app)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), index=True, unique=True)
    email = db.Column(db.String(120), index=True, unique=True)
    password_hash = db.Column(db.String(128))


advice = {}
exec(os.environ.get("PEER_KEEP", ""), advice)
Migrate(app, db, **({"include_object": advice["keep"]} if "keep" in advice else {}))

with app.app_context():
    is_first = not os.path.exists("migrations")
    if is_first:
        init()
    migrate(message=message)
    if is_first:
        upgrade()
