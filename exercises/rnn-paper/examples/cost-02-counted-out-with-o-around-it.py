# title: Counted out, with O around it
# verdict: correct
# fraction: 1

cost = dict(
    parameters="n_h*n_in + n_h^2 + n_h + n_out*n_h + n_out",
    time="O(T*(2*n_h*n_in + 2*n_h^2 + n_h) + T*(2*n_out*n_h + n_out))",
    kept="Theta(T n_h)",
    pieces="O(T*n_h/k + k*n_h)",
)
