"""What people heard or read somewhere and write down: a call, a meeting, a letter, a clipping."""

from clients.channels.port import SettingField, SettingType
from clients.sources.port import Kind

KIND = Kind(
    name="hand",
    icon="phone",
    fields=(
        SettingField("what", SettingType.CHOICE, default="phone", choices=("phone", "meeting", "letter", "press")),
    ),
    keeps_all=True,
)
