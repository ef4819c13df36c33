"""Run untrusted numerical code in confined processes; only plain data comes back.

=================  ============================================================================
trusted side       `server` starts the warm server and spawns workers; `client` is one worker,
                   `exchange` a question and its deadline, `replies` what came back, `foreseen`
                   calls that are asked for together, `copies` what a call did to its arguments;
                   workers come from `parents`: a warm server's process in `processes`, or plain
                   interpreters in `portable`
border             `wire` carries frames; `codec` makes them, with `lowering` (to bytes), `raising`
                   (from hostile bytes), `leaves` (arrays, numbers) and `nodes` (what both share);
                   `groups` joins the replies to several calls
untrusted side     `zygote` is the warm server; `worker` a forked child that answers, with `cells`
                   (notebook cells), `inert` (stand-ins for shell, pip and otter), `guard` (code as
                   a value), `quiet` (warnings off), `handles` (objects that stay) and `streams`
                   (capped output); `oneshot` is a worker of `portable`
confinement        `limits` and `plans` say what, `confine` does it in order, `kernel` makes the
                   system calls for it, `syscalls` lists those that workers may make; `layers`
                   names what is required and what a machine lacks, `canary` tries to break out
=================  ============================================================================

The process that runs untrusted code imports this package too, so it must stay empty.
"""
