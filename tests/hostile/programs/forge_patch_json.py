"""Makes the JSON encoder say what it likes."""
import base64, json
json.dumps = lambda *args, **kwargs: '{"k": "all-read"}'
base64.b64encode = lambda raw: b"AAAA"

def f(x):
    return x * 0
