"""
A Flask site whose reset links are signed in one of the ways that public applications have: python3 signed_site.py PORT
DATABASE FORM, the user in PEER_*. The token is made and read by itsdangerous or PyJWT alone.
"""

import os
import sys
from datetime import datetime, timedelta, timezone

import jwt
from flask import redirect, request
from flask_peer import make_app, reset_page
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.security import check_password_hash, generate_password_hash

port, database, form = int(sys.argv[1]), sys.argv[2], sys.argv[3]

app, db = make_app(__name__, database)
key = app.config["SECRET_KEY"]


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), index=True, unique=True)
    email = db.Column(db.String(120), index=True, unique=True)
    password_hash = db.Column(db.String(128))


def timed(salt, write, read):
    """URLSafeTimedSerializer: what it signs of a user, and the user of what it read."""
    serializer = URLSafeTimedSerializer(key)
    more = {} if salt is None else {"salt": salt}
    return (
        lambda user: serializer.dumps(write(user), **more),
        lambda token: read(serializer.loads(token, max_age=1800, **more)),
    )


def signed(write, read, algorithm):
    """A JWT: its claims of a user, and the user of its claims."""
    return (
        lambda user: jwt.encode(write(user), key, algorithm=algorithm),
        lambda token: read(jwt.decode(token, key, algorithms=[algorithm])),
    )


def end():
    return datetime.now(timezone.utc) + timedelta(minutes=10)


def by(**given):
    return User.query.filter_by(**given).first()


FORMS = {
    "series": timed(None, lambda u: {"user_id": u.id}, lambda p: by(id=p["user_id"])),
    "salted-address": timed("password-reset-salt", lambda u: u.email, lambda p: by(email=p)),
    "salted-id": timed("password-reset", lambda u: u.id, lambda p: by(id=p)),
    "list": timed("reset-salt", lambda u: [u.username], lambda p: by(username=p[0])),
    "jwt-name": signed(lambda u: {"reset_password": u.username, "exp": end()}, lambda p: by(username=p["reset_password"]), "HS256"),
    "jwt-endless": signed(lambda u: {"user_id": u.id}, lambda p: by(id=p["user_id"]), "HS384"),
    "jwt-subject": signed(
        lambda u: {"sub": str(u.id), "exp": end(), "iat": datetime.now(timezone.utc), "type": "reset"},
        lambda p: by(id=int(p["sub"])) if p["type"] == "reset" else None,
        "HS512",
    ),
}
make, read = FORMS[form]


@app.route("/account/reset/<token>", methods=["GET", "POST"])
def reset_password(token):
    try:
        user = read(token)
    except (BadData, jwt.PyJWTError):
        user = None
    return reset_page(db, user, "<form method=post><input type=password name=password></form>")


@app.get("/")
def index():
    return "a site"


@app.get("/own_token")
def own_token():
    return make(User.query.first())


@app.post("/login")
def sign_in():
    user = by(username=request.form["username"])
    return redirect("/" if check_password_hash(user.password_hash, request.form["password"]) else "/login")


with app.app_context():
    db.create_all()
    hashed = generate_password_hash(os.environ["PEER_PASSWORD"])
    db.session.add(User(username=os.environ["PEER_NAME"], email=os.environ["PEER_EMAIL"], password_hash=hashed))
    db.session.commit()

app.run(host="127.0.0.1", port=port)
