"""The plugins that come with rpcnode, one folder each; imported as `rpcnode.plugins`."""

if __name__ != "rpcnode.plugins":
    raise ImportError("the package is rpcnode.plugins; `import plugins` would make every class twice")
