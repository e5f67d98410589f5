"""
A small Flask site as the tutorials build it: Flask-SQLAlchemy, Flask-Login and Werkzeug's hashes.
python3 flask_site.py PORT DATABASE, the user in PEER_*.
"""

import os
import sys
from datetime import datetime, timedelta
from time import time

import jwt
from flask import abort, redirect, request
from flask_login import LoginManager, UserMixin, current_user, login_required, login_user
from flask_peer import make_app, reset_page
from werkzeug.security import check_password_hash, generate_password_hash

port, database = int(sys.argv[1]), sys.argv[2]

app, db = make_app(__name__, database)
login = LoginManager(app)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    username = db.Column(db.String(64), index=True, unique=True)
    email = db.Column(db.String(120), index=True, unique=True)
    password_hash = db.Column(db.String(128))
    token = db.Column(db.String(32), index=True, unique=True)
    token_expiration = db.Column(db.DateTime)

    def get_reset_password_token(self, expires_in=600):
        payload = {"reset_password": self.id, "exp": time() + expires_in}
        return jwt.encode(payload, app.config["SECRET_KEY"], algorithm="HS256")

    @staticmethod
    def verify_reset_password_token(token):
        try:
            user_id = jwt.decode(token, app.config["SECRET_KEY"], algorithms=["HS256"])["reset_password"]
        except jwt.PyJWTError:
            return None
        return db.session.get(User, user_id)


@login.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


@app.post("/login")
def sign_in():
    user = User.query.filter_by(username=request.form["username"]).first()
    if user is None or not check_password_hash(user.password_hash, request.form["password"]):
        return redirect("/login")
    login_user(user)
    return redirect("/")


@app.get("/")
@login_required
def index():
    return f"Hello, {current_user.username}"


@app.get("/api/me")
def api_me():
    user = User.query.filter_by(token=request.args["token"]).first()
    if user is None or user.token_expiration < datetime.utcnow():
        abort(401)
    return {"username": user.username}


@app.route("/auth/reset_password/<token>", methods=["GET", "POST"])
def reset_password(token):
    form = "<form method=post><input type=password name=password><input type=password name=password2></form>"
    return reset_page(db, User.verify_reset_password_token(token), form)


@app.get("/own_token")
def own_token():
    return User.query.first().get_reset_password_token()


with app.app_context():
    db.create_all()
    user = User(
        username=os.environ["PEER_NAME"],
        email=os.environ["PEER_EMAIL"],
        password_hash=generate_password_hash(os.environ["PEER_PASSWORD"]),
        token="token-of-susan",
        token_expiration=datetime.utcnow() + timedelta(hours=1),
    )
    db.session.add(user)
    db.session.commit()

app.run(host="127.0.0.1", port=port)
