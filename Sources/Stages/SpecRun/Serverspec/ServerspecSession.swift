import BakeModel
import RootFilesystem

/// The shell in an image's sandbox that a Serverspec suite talks to.
public enum ServerspecSession {
    /// What reads the commands.
    static let shell = "/bin/sh"

    /// root's shell. Before it reads commands it starts the image's own process beside it, as the image's user.
    private static let script = """
        user=$1; shift
        if [ $# -gt 0 ]; then
          if [ -n "$user" ] && [ "$user" != 0 ] && [ "$user" != root ]; then
            name=${user%%:*}
            case $user in *:*) group=${user#*:} ;; *) group=$(id -g "$name" 2>/dev/null || echo "$name") ;; esac
            setpriv --reuid="$name" --regid="$group" --clear-groups "$@" </dev/null >"$LOG" 2>&1 &
          else
            "$@" </dev/null >"$LOG" 2>&1 &
          fi
        fi
        unset LOG; cd /; exec \(shell)
        """

    /// What runs in the sandbox.
    public static func program(_ configuration: ImageConfiguration) -> SandboxProgram {
        SandboxProgram(
            [shell, "-c", script, "sh", configuration.user ?? ""] + configuration.processArguments,
            environment: configuration.environment + ["LOG=\(ServerspecBackend.log)"],
            workingDirectory: configuration.workingDirectory ?? "/", user: nil)
    }
}
