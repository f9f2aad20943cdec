"""A small web of fictional French sites, served on loopback so that the whole watch can be seen at work."""

from demo.web import DemoWeb, Request, Truth

__all__ = ["DemoWeb", "Request", "Truth"]
