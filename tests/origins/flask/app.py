import sys

from flask import Flask

app = Flask(__name__, static_folder=None)


@app.route("/mypage")
def mypage():
    return "personal:mypage"


@app.route("/account")
@app.route("/account/<path:rest>")
def account(rest=None):
    return "personal:account"


@app.route("/area/orders")
def area():
    return "personal:area"


@app.route("/<path:rest>")
def public(rest):
    return "public"


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]))
