def generate(xlen):
    return {}
