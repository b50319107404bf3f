"""Whether a client wants its answer compressed."""


def accepts_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip is what ASP.NET's response compression picks for that Accept-Encoding header.

    It has gzip only; `*` stands for it; `identity` wins with a higher quality, and quality 0 refuses.
    Source: aspnetcore, ResponseCompressionProvider.GetCompressionProvider.
    """
    if not accept_encoding:
        return False
    qualities: dict[str, float] = {}
    for entry in accept_encoding.lower().split(","):
        coding, _, parameter = entry.partition(";")
        name, _, value = parameter.partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            return False
        qualities.setdefault(coding.strip(), quality)
    gzip = qualities.get("gzip", qualities.get("*", 0.0))
    return gzip > 0.0 and gzip >= qualities.get("identity", 0.0)
