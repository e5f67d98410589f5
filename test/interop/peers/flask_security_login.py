"""
A Flask site with Flask-Security as it sets itself up: its own models, its own login form.
python3 flask_security_login.py PORT DATABASE, the user in PEER_*; PEER_SALT is SECURITY_PASSWORD_SALT.
"""

import os
import sys

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore, auth_required, current_user, hash_password
from flask_security.models import fsqla_v3 as fsqla
from flask_sqlalchemy import SQLAlchemy

port, database = int(sys.argv[1]), sys.argv[2]

app = Flask(__name__)
app.config.update(
    SECRET_KEY=os.environ["PEER_SECRET"],
    SECURITY_PASSWORD_SALT=os.environ["PEER_SALT"],
    SECURITY_PASSWORD_HASH=sys.argv[3],
    SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}",
    SQLALCHEMY_TRACK_MODIFICATIONS=False,
    WTF_CSRF_ENABLED=False,
    # It would ask the DNS whether the domain takes mail.
    SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
)
db = SQLAlchemy(app)
fsqla.FsModels.set_db_info(db)


class Role(db.Model, fsqla.FsRoleMixin):
    pass


class User(db.Model, fsqla.FsUserMixin):
    pass


datastore = SQLAlchemyUserDatastore(db, User, Role)
app.security = Security(app, datastore)


@app.get("/")
@auth_required("session")
def index():
    return f"Hello, {current_user.email}"


with app.app_context():
    db.create_all()
    datastore.create_user(
        email=os.environ["PEER_EMAIL"], password=hash_password(os.environ["PEER_PASSWORD"])
    )
    db.session.commit()

app.run(host="127.0.0.1", port=port)
