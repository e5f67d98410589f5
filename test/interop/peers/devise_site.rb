# frozen_string_literal: true

# A Rails site with Devise's own tables, controllers and pages, and one user: ruby devise_site.rb PORT DATABASE, the
# user in PEER_*, a pepper in PEER_PEPPER.

require 'rails'
require 'action_controller/railtie'
require 'action_mailer/railtie'
require 'active_record/railtie'
require 'devise'
require 'rack/handler/webrick'

PORT, DATABASE = ARGV
ENV['DATABASE_URL'] = "sqlite3:#{DATABASE}?timeout=5000"

# Nothing of it lies in files but the database.
class Site < Rails::Application
  config.root = File.dirname(DATABASE)
  config.load_defaults 6.1
  config.eager_load = false
  config.secret_key_base = ENV.fetch('PEER_SECRET')
  config.log_level = :error
  config.logger = Logger.new($stderr)
  config.hosts.clear
  config.action_mailer.delivery_method = :test
  config.action_mailer.default_url_options = { host: "127.0.0.1:#{PORT}" }
end

Devise.setup do |config|
  require 'devise/orm/active_record'
  config.secret_key = ENV.fetch('PEER_SECRET')
  config.pepper = ENV['PEER_PEPPER']
  config.stretches = 12
  config.mailer_sender = 'site@example.com'
end

class ApplicationController < ActionController::Base; end

class HomeController < ApplicationController
  before_action :authenticate_user!

  def show
    render plain: current_user.email
  end
end

class User < ActiveRecord::Base
  devise :database_authenticatable, :recoverable, :rememberable, :lockable, unlock_strategy: :time
end

# Drawn at the start, as routes in a file would be: Devise configures itself from them once.
Site.routes.prepend do
  devise_for :users
  root to: 'home#show'
end

Site.initialize!

ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :email, null: false, default: '', index: { unique: true }
    t.string :encrypted_password, null: false, default: ''
    t.string :reset_password_token, index: { unique: true }
    t.datetime :reset_password_sent_at
    t.datetime :remember_created_at
    t.integer :failed_attempts, null: false, default: 0
    t.datetime :locked_at
    t.timestamps
  end
end

User.create!(email: ENV.fetch('PEER_EMAIL'), password: ENV.fetch('PEER_PASSWORD'))
Rack::Handler::WEBrick.run(Site, Host: '127.0.0.1', Port: Integer(PORT), AccessLog: [],
                                 Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR))
