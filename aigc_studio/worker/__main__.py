"""`python -m aigc_studio.worker`, or this file by its path: speaks JSON lines with its parent.

Started by path with an interpreter that has no studio installed, it takes the studio that it lies
in, and nothing else of that studio's site-packages.
"""

import sys


def _find_studio() -> None:
    import importlib.util
    from pathlib import Path

    package = Path(__file__).resolve().parent.parent
    place = package / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        "aigc_studio", place, submodule_search_locations=[str(package)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["aigc_studio"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    if not __package__:
        _find_studio()
    import os

    if "AIGC_STUDIO_OWN_PYTHON" in os.environ:  # a plugin's: the studio's has what it needs
        from aigc_studio import needs

        if missing := needs.lacking():
            needs.refuse(missing, sys.stdin.buffer, sys.stdout.buffer)
            sys.exit(0)

    # One of several processes: the launcher of torch is below the warden, and this below that.
    is_member = "AIGC_STUDIO_PROCESSES" in os.environ and "RANK" in os.environ
    # Before anything heavy is imported, and any thread is started.
    if is_member or "AIGC_STUDIO_FOLLOW" in os.environ:
        pass
    elif sys.platform == "win32":
        from aigc_studio.worker.job_object import keep_family

        keep_family()
    else:
        from aigc_studio.worker.warden import stand_guard

        stand_guard(sys.argv[1:])
    del sys.argv[1:]
    if os.environ.get("AIGC_STUDIO_OFFLINE"):
        from aigc_studio.worker.offline import shut_network

        shut_network()
    if "AIGC_STUDIO_PROCESSES" in os.environ or "AIGC_STUDIO_FOLLOW" in os.environ:
        from aigc_studio.worker import group

        if not is_member and not group.follows():
            group.launch(__file__)
        if group.follows():
            group.follow()
    from aigc_studio.worker.process import main

    main()
