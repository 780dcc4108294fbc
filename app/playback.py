"""Wires the controls of playing to the player."""

from dictrace.app.player import Player
from dictrace.widgets.transport import Transport


def connect_transport(transport: Transport, player: Player) -> None:
    """What a person does with the transport moves the player, and how that moves is shown in the transport."""
    transport.play_toggled.connect(player.toggle)
    transport.step_requested.connect(player.step)
    transport.start_requested.connect(player.seek_start)
    transport.end_requested.connect(player.seek_end)
    transport.next_loss_requested.connect(player.next_loss)
    transport.previous_loss_requested.connect(player.previous_loss)
    transport.seek_requested.connect(player.seek)
    transport.speed_chosen.connect(player.set_speed)
    transport.by_clock_chosen.connect(player.set_by_clock)
    transport.loop_chosen.connect(player.set_loops)
    player.playing_changed.connect(transport.set_playing)
    player.loops_changed.connect(transport.set_loops)
    player.speed_changed.connect(lambda speed: transport.set_speeds(player.speeds, speed, player.by_clock))
