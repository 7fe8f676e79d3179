import Glibc

extension ChildProcess {
    /// Takes over a child that was started by other means than posix_spawn(3), such as clone3(2).
    public init(adopting id: pid_t) { self.id = id }
}
