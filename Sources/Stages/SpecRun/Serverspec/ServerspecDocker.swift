/// The Ruby that stands in for the gem docker-api, with which suites for images build the one that they look at: here it is
/// there already, and its process runs.
enum ServerspecDocker {
    /// What suites load, by the names that they load it by.
    static let files = ["docker.rb": source, "docker-api.rb": "require 'docker'\n"]

    /// The variable that has the image's configuration, as OCI documents spell it.
    static let variable = "BAKE_IMAGE_CONFIGURATION"

    private static let source = #"""
        require 'json'

        # The gem brings it along, and suites raise its time limits.
        module Excon
          def self.defaults
            @defaults ||= {}
          end
        end

        module Docker
          CONFIGURATION = JSON.parse(ENV.fetch('BAKE_IMAGE_CONFIGURATION')).freeze

          class << self
            attr_accessor :url
            attr_writer :options

            def options
              @options ||= {}
            end
          end

          # The image that is tested, whatever was to be built or found.
          class Image
            class << self
              def get(*, **)
                new
              end
              %i[build build_from_dir build_from_tar create].each { |name| alias_method name, :get }
            end

            def id
              'bake'
            end

            def json
              { 'Id' => id, 'Config' => CONFIGURATION, 'ContainerConfig' => CONFIGURATION }
            end

            def run(command = nil, options = {})
              Container.create(command ? options.merge('Cmd' => command) : options)
            end

            %i[tag remove delete].each { |name| define_method(name) { |*, **| nil } }
          end

          # Its process, which runs as the image says: nobody may take it for one that was started otherwise.
          class Container
            HARMLESS = %w[Image name HostConfig PortBindings PublishAllPorts].freeze

            class << self
              def get(*, **)
                new
              end

              def create(options = {}, *)
                new.start(options)
              end
            end

            def id
              'bake'
            end

            def json
              { 'Id' => id, 'Config' => CONFIGURATION }
            end

            def start(options = {})
              other = [options, options['HostConfig'] || {}].flat_map(&:keys).map(&:to_s) - HARMLESS
              return self if other.empty?
              raise NotImplementedError, "bake has started the image as it is configured, without #{other.join(', ')}"
            end

            %i[stop kill remove delete wait refresh!].each { |name| define_method(name) { |*, **| self } }
          end
        end

        """#
}
