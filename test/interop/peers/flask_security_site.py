"""Flask-Security's own pages, with one user: python3 flask_security_site.py PORT DATABASE, the user in PEER_*."""

import os
import sys

from flask_peer import make_app
from flask_security import MailUtil, RoleMixin, Security, SQLAlchemyUserDatastore, UserMixin, hash_password
from flask_security.recoverable import generate_reset_password_token

port, database = int(sys.argv[1]), sys.argv[2]

app, db = make_app(
    __name__,
    database,
    SECURITY_PASSWORD_SALT="the salt of this site",
    SECURITY_PASSWORD_HASH="bcrypt",
    SECURITY_RECOVERABLE=True,
    SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL=False,
    SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
    WTF_CSRF_ENABLED=False,
)
roles = db.Table(
    "roles_users",
    db.Column("user_id", db.Integer, db.ForeignKey("user.id")),
    db.Column("role_id", db.Integer, db.ForeignKey("role.id")),
)


class Role(db.Model, RoleMixin):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True)


class User(db.Model, UserMixin):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), unique=True)
    password = db.Column(db.String(255))
    active = db.Column(db.Boolean)
    fs_uniquifier = db.Column(db.String(64), unique=True)
    roles = db.relationship("Role", secondary=roles)


class NoMail(MailUtil):
    def send_mail(self, *args, **kwargs):
        pass


store = SQLAlchemyUserDatastore(db, User, Role)
security = Security(app, store, mail_util_cls=NoMail)


@app.get("/own_token")
def own_token():
    return generate_reset_password_token(User.query.first())


with app.app_context():
    db.create_all()
    store.create_user(email=os.environ["PEER_EMAIL"], password=hash_password(os.environ["PEER_PASSWORD"]), active=True)
    db.session.commit()

app.run(host="127.0.0.1", port=port)
