import Glibc

extension HelperFailure {
    /// Whether the helper used up the processor time that `ResourceLimit.processorTime` gave it.
    public var exceededProcessorTime: Bool { ending == .signalled(SIGXCPU) }
}
