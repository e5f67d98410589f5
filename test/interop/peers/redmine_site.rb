# frozen_string_literal: true

# Debian's Redmine as one instance of its own on SQLite, and one user: ruby redmine_site.rb PORT DATABASE, the user in
# PEER_*. The instance (configuration, files, log and cache) lies beside the database. Its mails go to PEER_MAIL_PORT.

require 'fileutils'
require 'webrick'

PORT, DATABASE = ARGV
REDMINE = '/usr/share/redmine'
INSTANCE = File.join(File.dirname(DATABASE), 'instance')

%w[config files log tmp].each { |name| FileUtils.mkdir_p(File.join(INSTANCE, name)) }
File.write(File.join(INSTANCE, 'config/database.yml'), <<~YAML)
  production: { adapter: sqlite3, database: "#{DATABASE}", timeout: 5000 }
YAML
File.write(File.join(INSTANCE, 'config/secret_key.txt'), ENV.fetch('PEER_SECRET'))

# Redmine looks for the instance below a folder of its own.
ENV['REDMINE_INSTANCE'] = "#{'../' * 9}#{INSTANCE}"
ENV['RAILS_ENV'] = 'production'
Dir.chdir(REDMINE)
require File.join(REDMINE, 'config/environment')
require 'rack/handler/webrick'

# What `rake db:migrate` does; the models were loaded while their tables were still old.
ENV['VERBOSE'] = 'false'
ActiveRecord::Tasks::DatabaseTasks.migrate
ActiveRecord::Base.descendants.each(&:reset_column_information)
User.create!(login: ENV.fetch('PEER_NAME'), mail: ENV.fetch('PEER_EMAIL'), password: ENV.fetch('PEER_PASSWORD'),
             firstname: 'Susan', lastname: 'Example', language: 'en')

ActionMailer::Base.perform_deliveries = true
ActionMailer::Base.delivery_method = :smtp
ActionMailer::Base.smtp_settings = { address: '127.0.0.1', port: Integer(ENV.fetch('PEER_MAIL_PORT')),
                                     enable_starttls_auto: false }
Setting.host_name = "127.0.0.1:#{PORT}"

Rack::Handler::WEBrick.run(Rails.application, Host: '127.0.0.1', Port: Integer(PORT), AccessLog: [],
                                              Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR))
