import CLinux

/// The words that this process was started with, from the C library.
///
/// `CommandLine.arguments` looks for them on the stack below the environment, and finds none where a preloaded library set a
/// variable before (libfaketime does): `promote 3 production` would be taken for a bare `bake`, which is a build.
public enum ProgramArguments {
    /// All of them, the program's name first. What is no UTF-8 is repaired.
    public static var words: [String] {
        guard let arguments = clinux_arguments() else { return CommandLine.arguments }
        return sequence(state: arguments) { next in
            defer { next += 1 }
            return next.pointee.map { String(cString: $0) }
        }.map(\.self)
    }
}
