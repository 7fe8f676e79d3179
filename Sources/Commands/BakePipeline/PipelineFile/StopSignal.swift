/// The signals that a program may be asked to stop with.
enum StopSignal {
    /// The names of signal(7) on every processor that bake runs on.
    static let names = [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS",
    ].map { "SIG\($0)" }

    /// Whether the text is a signal's name, a real-time signal (`SIGRTMIN+3`) or a number.
    static func accepts(_ text: String) -> Bool {
        if names.contains(text) || ["SIGRTMIN", "SIGRTMAX"].contains(text) { return true }
        let number = text.hasPrefix("SIGRTMIN+") || text.hasPrefix("SIGRTMAX-") ? text.dropFirst(9) : text[...]
        return number.utf8.allSatisfy { (0x30...0x39).contains($0) } && (1...64).contains(Int(number) ?? 0)
    }
}
