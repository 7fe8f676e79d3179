import CLinux
import Glibc
import LinuxSystem

/// A place where bake is root without being root: a user namespace of its own, with mount, pid, ipc and uts
/// namespaces, in which the helper processes that build roots run. For root too, so that everyone takes one road.
public enum UserNamespace {
    /// Which network a process in there has.
    public enum Network: Sendable {
        /// None but a loopback of its own.
        case own
        /// The machine's.
        case host
    }

    /// Starts programs as user 0 and process 1 of new namespaces. They see this machine's files, a /proc of their own,
    /// and end, with all that they started, when the thread that started them ends.
    public static func launcher(network: Network) -> Launcher {
        { path, arguments, environment, descriptors in
            try start(path, arguments, environment, descriptors, network, maps: .forThisProcess())
        }
    }

    /// Whether the namespace of this process is one that root made, in which every owner has its own number.
    public static func isRoots() throws -> Bool { try LayerCache.userBehindRoot() == "0" }

    private static func start(
        _ path: String, _ arguments: [String], _ environment: [String], _ descriptors: [Int32: Descriptor],
        _ network: Network, maps: IdentityMaps
    ) throws -> ChildProcess {
        // Moved out of the way of the targets first: a dup2 must not overwrite a source that a later one needs.
        var moved: [(source: Descriptor, target: Int32)] = []
        for (target, source) in descriptors { moved.append((try source.duplicate(from: 64), target)) }
        let pairs = moved.map { ($0.source.number, $0.target) }
        var channel = try StartChannel()
        let strings = CStringArena()
        var program = clinux_program()
        program.path = strings.constant(path)
        program.arguments = strings.array([path] + arguments)
        program.environment = strings.array(environment)
        let child = try pairs.withUnsafeBufferPointer { pairs in
            program.descriptors = UnsafeRawPointer(pairs.baseAddress)?.assumingMemoryBound(to: (Int32, Int32).self)
            program.descriptor_count = pairs.count
            return try channel.start { clinux_start_in_namespaces(&program, network == .own ? 1 : 0, $0) }
        }
        withExtendedLifetime((moved, strings)) {}
        do { try maps.apply(to: child.id) } catch {
            child.kill()
            _ = try? child.wait()
            throw error
        }
        channel.release()
        try channel.awaitReady(child) { _ in path }
        channel.release()
        try channel.awaitStart(child) { _ in path }
        return child
    }
}
