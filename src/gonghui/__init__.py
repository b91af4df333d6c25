"""gonghui: the workers' service system of a district trade-union federation (职工服务信息系统)."""

__version__ = "0.1.0"
