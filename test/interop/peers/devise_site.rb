# frozen_string_literal: true

# A Rails site with Devise's own tables, controllers and pages, and one user: ruby devise_site.rb PORT DATABASE, the
# user in PEER_*, a pepper in PEER_PEPPER. With PEER_TWO_FACTOR, devise-two-factor asks for codes of those who enrol.

require 'rails'
require 'action_controller/railtie'
require 'action_mailer/railtie'
require 'active_record/railtie'
require 'devise'
require 'devise-two-factor' if ENV['PEER_TWO_FACTOR']
require 'rack/handler/webrick'

PORT, DATABASE = ARGV
TWO_FACTOR = ENV.key?('PEER_TWO_FACTOR')
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
  # As its generator writes it: asked before the strategy that takes the password alone.
  if TWO_FACTOR
    config.warden do |manager|
      manager.default_strategies(scope: :user).unshift :two_factor_authenticatable
      manager.default_strategies(scope: :user).unshift :two_factor_backupable
    end
  end
end

class ApplicationController < ActionController::Base; end

class HomeController < ApplicationController
  before_action :authenticate_user!

  def show
    render plain: current_user.email
  end
end

# What an application makes of the methods of devise-two-factor: the person scans the key, and writes down the codes.
class TwoFactorController < ApplicationController
  before_action :authenticate_user!

  def show
    return render plain: current_user.update!(otp_required_for_login: true) if params[:without_key]

    secret = User.generate_otp_secret
    codes = current_user.generate_otp_backup_codes!
    current_user.update!(otp_required_for_login: true, otp_secret: secret)
    render json: { secret: secret, codes: codes }
  end
end

class User < ActiveRecord::Base
  if TWO_FACTOR
    # Without :database_authenticatable, which would take the password alone.
    devise :two_factor_authenticatable, otp_secret_encryption_key: ENV.fetch('PEER_SECRET')[0, 32]
    devise :two_factor_backupable, otp_number_of_backup_codes: 2
    devise :recoverable, :rememberable, :lockable, unlock_strategy: :time
    serialize :otp_backup_codes, JSON
  else
    devise :database_authenticatable, :recoverable, :rememberable, :lockable, unlock_strategy: :time
  end
end

# Drawn at the start, as routes in a file would be: Devise configures itself from them once.
Site.routes.prepend do
  devise_for :users
  get '/two_factor', to: 'two_factor#show'
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
    if TWO_FACTOR
      # The columns that the generator of 4.0 makes.
      t.string :encrypted_otp_secret
      t.string :encrypted_otp_secret_iv
      t.string :encrypted_otp_secret_salt
      t.integer :consumed_timestep
      t.boolean :otp_required_for_login
      t.text :otp_backup_codes
    end
    t.timestamps
  end
end

User.create!(email: ENV.fetch('PEER_EMAIL'), password: ENV.fetch('PEER_PASSWORD'))
Rack::Handler::WEBrick.run(Site, Host: '127.0.0.1', Port: Integer(PORT), AccessLog: [],
                                 Logger: WEBrick::Log.new($stderr, WEBrick::Log::ERROR))
