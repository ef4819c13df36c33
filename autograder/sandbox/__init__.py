"""Run untrusted numerical code in confined processes; only plain data comes back.

=================  ============================================================================
trusted side       `server` starts the warm server and spawns workers; `client` is one worker,
                   `exchange` a question and its deadline, `processes` the server's process,
                   `copies` what a call did to its arguments
border             `wire` carries frames; `codec` makes them, with `lowering` (to bytes), `raising`
                   (from hostile bytes), `leaves` (arrays, numbers) and `nodes` (what both share)
untrusted side     `zygote` is the warm server; `worker` a forked child that answers, with `cells`
                   (notebook cells), `inert` (stand-ins for shell, pip and otter), `guard` (code as
                   a value), `handles` (objects that stay) and `streams` (capped output)
confinement        `limits` and `plans` say what, `confine` does it in order, `kernel` makes the
                   system calls for it, `syscalls` lists those that workers may make
=================  ============================================================================

The process that runs untrusted code imports this package too, so it must stay empty.
"""
