import CLinux

/// What the kernel knows of the machine's clock.
public enum ClockState {
    /// Whether a time service keeps it; nil where the kernel does not say.
    public static func isKept() -> Bool? {
        let answer = clinux_clock_is_kept()
        return answer < 0 ? nil : answer == 1
    }
}
